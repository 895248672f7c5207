export {EditableGeoJsonLayer, GeoJsonEditMode} from '@deck.gl-community/editable-layers'
