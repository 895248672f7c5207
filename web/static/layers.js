// The deck.gl layers that draw our arrays: triangles with a colour at each corner, draped ground, trees.

import {Shade} from './shadows.js'
import {sunlight, sunlightUniforms} from './sunlight.js'

const {Layer, project32, picking} = window.deck
const {Model, Geometry} = window.luma

// How much of what lies behind is covered: 1 is all of it.
const VEIL = `layout(std140) uniform veilUniforms { float opacity; } veil;`
const veil = {name: 'veil', fs: VEIL, uniformTypes: {opacity: 'f32'}}

const MESH_VS = `#version 300 es
#define SHADER_NAME twin-mesh-vertex
in vec3 positions;
in vec4 colors;
in vec3 pickingColors;
out vec4 vColor;
// As web/drawn/buildings.py packs it: walls in steps of 3 degrees, pitched roofs above them, then what is level.
vec3 facing(float code) {
  if (code > 239.5) return vec3(0.0, 0.0, 1.0);
  float up = code > 119.5 ? 0.77 : 0.0;
  float azimuth = radians(mod(code, 120.0) * 3.0);
  return vec3(vec2(sin(azimuth), cos(azimuth)) * sqrt(1.0 - up * up), up);
}
void main(void) {
  geometry.worldPosition = positions;
  geometry.pickingColor = pickingColors;
  gl_Position = project_position_to_clipspace(positions, vec3(0.0), vec3(0.0), geometry.position);
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
  vColor = vec4(colors.rgb * sunlight_on(facing(colors.a * 255.0)) * sunlight.color, 1.0);
  DECKGL_FILTER_COLOR(vColor, geometry);
}`
const MESH_FS = `#version 300 es
#define SHADER_NAME twin-mesh-fragment
precision highp float;
in vec4 vColor;
out vec4 fragColor;
void main(void) {
  fragColor = vec4(vColor.rgb, veil.opacity);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}`

/** A layer whose geometry is made once, of arrays in the prop `mesh`. */
class OwnGeometryLayer extends Layer {
  initializeState() {
    this.getAttributeManager().remove(['instancePickingColors'])
  }

  updateState({props, oldProps, changeFlags}) {
    super.updateState({props, oldProps, changeFlags})
    if (props.mesh === oldProps.mesh && !changeFlags.extensionsChanged) return
    this.state.model?.destroy()
    this.setState({model: this.makeModel(props.mesh)})
  }

  makeModel(mesh) {
    const {vs, fs, modules} = this.getShaders()
    const {attributes, indices, instanceAttributes = {}, ...more} = mesh
    const geometry = new Geometry({topology: 'triangle-list', attributes, ...(indices && {indices})})
    const id = this.props.id
    return new Model(this.context.device, {
      id, vs, fs, modules, geometry,
      attributes: instanceAttributes,
      disableWarnings: true, // deck.gl hands light and shadow to all, also to shaders that know neither
      ...more,
    })
  }

  draw() {
    this.state.model.shaderInputs.setProps(sunlightUniforms())
    this.state.model.draw(this.context.renderPass)
  }
}

/** One that can be seen through: first its depth, then the colour of what is nearest, so that no inside shows. */
class BodyLayer extends OwnGeometryLayer {
  draw(options) {
    const {opacity} = this.props
    this.state.model.shaderInputs.setProps({veil: {opacity}})
    if (opacity < 1 && !options.shaderModuleProps?.picking?.isActive) {
      this.context.device.withParametersWebGL({colorMask: [false, false, false, false]}, () => super.draw())
    }
    super.draw()
  }
}
BodyLayer.layerName = 'BodyLayer'

OwnGeometryLayer.layerName = 'OwnGeometryLayer'

/** Triangles with a colour and a feature at each corner. */
export class MeshLayer extends BodyLayer {
  getShaders() {
    return super.getShaders({vs: MESH_VS, fs: MESH_FS, modules: [project32, picking, sunlight, veil]})
  }

  getPickingInfo({info}) {
    if (info.index >= 0) info.object = {layer: this.props.layerName, uid: this.props.uids[info.index]}
    return info
  }
}
MeshLayer.layerName = 'MeshLayer'
MeshLayer.defaultProps = {mesh: {type: 'object', value: null}, uids: {type: 'array', value: []}, layerName: ''}

// What is no longer there: stripes, which are told apart without their colour.
const HATCHED_FS = MESH_FS.replace('veil.opacity)', 'veil.opacity * (mod(gl_FragCoord.x + gl_FragCoord.y, 10.0) < 4.0 ? 1.0 : 0.3))')

export class HatchedLayer extends MeshLayer {
  getShaders() {
    return {...super.getShaders(), fs: HATCHED_FS}
  }
}
HatchedLayer.layerName = 'HatchedLayer'

const GROUND_VS = `#version 300 es
#define SHADER_NAME twin-ground-vertex
in vec3 positions;
in vec2 texCoords;
in float shades;
out vec2 vTexCoord;
out float vShade;
void main(void) {
  geometry.worldPosition = positions;
  geometry.pickingColor = vec3(1.0, 0.0, 0.0);
  gl_Position = project_position_to_clipspace(positions, vec3(0.0), vec3(0.0), geometry.position);
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
  vTexCoord = texCoords;
  vShade = shades;
  vec4 none = vec4(0.0);
  DECKGL_FILTER_COLOR(none, geometry);
}`
const GROUND_FS = `#version 300 es
#define SHADER_NAME twin-ground-fragment
precision highp float;
in vec2 vTexCoord;
in float vShade;
uniform sampler2D painting;
uniform sampler2D shade;
const vec3 SHADE = vec3(0.75, 0.775, 0.845);
out vec4 fragColor;
void main(void) {
  vec3 color = texture(painting, vTexCoord).rgb * vShade * sunlight.color;
  fragColor = vec4(color * mix(vec3(1.0), SHADE, texture(shade, vTexCoord).r * sunlight.strength), 1.0);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}`

/** The terrain with a painting laid over it. */
export class GroundLayer extends OwnGeometryLayer {
  getShaders() {
    return super.getShaders({vs: GROUND_VS, fs: GROUND_FS, modules: [project32, picking, sunlight]})
  }

  draw() {
    const {painting, land, size, sharpness, casters} = this.props
    if (!painting) return
    if (this.state.shade?.tile !== land) {
      this.state.shade?.destroy()
      this.state.shade = new Shade(this.context.device, land, sharpness)
    }
    if (!this.state.shade.paint(size, casters)) this.setNeedsRedraw()
    this.state.model.setBindings({painting, shade: this.state.shade.texture})
    super.draw()
  }

  finalizeState(context) {
    super.finalizeState(context)
    this.state.shade?.destroy()
  }
}
GroundLayer.layerName = 'GroundLayer'
GroundLayer.defaultProps = {
  mesh: {type: 'object', value: null},
  painting: {type: 'image', value: null, async: true},
  land: {type: 'object', value: null, compare: false}, // the tile's content; as `tile` deck.gl hands its own
  size: 1024,
  sharpness: 8,
  casters: {type: 'array', value: [], compare: true}, // layers whose shadows fall
}

const TREE_VS = `#version 300 es
#define SHADER_NAME twin-tree-vertex
in vec3 positions;
in vec4 colors;
in vec3 normals;
in vec3 instancePositions;
in vec2 instanceSizes;
in vec3 instancePickingColors;
in vec4 instanceColors; // of the crown, and how much it counts
out vec4 vColor;
void main(void) {
  geometry.worldPosition = instancePositions;
  geometry.pickingColor = instancePickingColors;
  vec3 size = positions * vec3(instanceSizes.yy, instanceSizes.x);
  gl_Position = project_position_to_clipspace(instancePositions, vec3(0.0), project_size(size), geometry.position);
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
  float own = fract(sin(dot(instancePositions.xy, vec2(12989.8, 78233.1))) * 43758.5453);
  float light = 0.5 + 0.5 * sunlight_on(normals); // leaves let some through
  vec3 own_color = mix(colors.rgb, instanceColors.rgb, instanceColors.a * colors.a);
  vColor = vec4(own_color * (0.92 + 0.14 * own) * light * sunlight.color, 1.0);
  DECKGL_FILTER_COLOR(vColor, geometry);
}`

/** One shape, drawn at each place in its size. */
export class TreeLayer extends BodyLayer {
  getShaders() {
    return super.getShaders({vs: TREE_VS, fs: MESH_FS, modules: [project32, picking, sunlight, veil]})
  }

  makeModel({shape, instances}) {
    const buffers = Object.entries(instances).map(([name, data]) => [name, this.context.device.createBuffer({data})])
    return super.makeModel({
      ...shape,
      isInstanced: true,
      instanceCount: this.props.numInstances,
      bufferLayout: [
        {name: 'instancePositions', format: 'float32x3', stepMode: 'instance'},
        {name: 'instanceSizes', format: 'float32x2', stepMode: 'instance'},
        {name: 'instancePickingColors', format: 'float32x3', stepMode: 'instance'},
        {name: 'instanceColors', format: 'unorm8x4', stepMode: 'instance'},
      ],
      instanceAttributes: Object.fromEntries(buffers),
    })
  }

  getPickingInfo({info}) {
    if (info.index >= 0) info.object = {layer: 'trees', uid: this.props.uids[info.index]}
    return info
  }
}
TreeLayer.layerName = 'TreeLayer'
TreeLayer.defaultProps = {mesh: {type: 'object', value: null}, uids: {type: 'array', value: []}, layerName: ''}

export class HatchedTreeLayer extends TreeLayer {
  getShaders() {
    return {...super.getShaders(), fs: HATCHED_FS}
  }
}
HatchedTreeLayer.layerName = 'HatchedTreeLayer'

/** The colour by which deck.gl finds the n-th feature again. */
export function pickingColors(owners, from = 0) {
  const out = new Float32Array(owners.length * 3)
  for (let i = 0; i < owners.length; i++) {
    const code = owners[i] + 1 + from
    out[i * 3] = code & 255
    out[i * 3 + 1] = (code >> 8) & 255
    out[i * 3 + 2] = (code >> 16) & 255
  }
  return out
}
