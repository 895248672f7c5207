export {EditableGeoJsonLayer, GeoJsonEditMode, ModifyMode} from '@deck.gl-community/editable-layers'
