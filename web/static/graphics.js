// What this browser can draw.

const context = document.createElement('canvas').getContext('webgl2')

export const WebGL = Boolean(context)

/** Without a graphics card the processor draws: then less is more. */
export const isSoftware = WebGL && /swiftshader|llvmpipe|software|basic render/i.test(rendererName())

function rendererName() {
  const told = context.getExtension('WEBGL_debug_renderer_info')
  return String(context.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : context.RENDERER))
}
