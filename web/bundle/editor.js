export {
  DrawLineStringMode, DrawPointMode, EditableGeoJsonLayer, GeoJsonEditMode, ModifyMode, ViewMode,
} from '@deck.gl-community/editable-layers'
