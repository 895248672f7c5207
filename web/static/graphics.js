// What this browser can draw.

const context = document.createElement('canvas').getContext('webgl2')

export const WebGL = Boolean(context)

/** Without a graphics card the processor draws: then less is more, unless the address says #detail=full. */
export const isSparing = WebGL && /swiftshader|llvmpipe|software|basic render/i.test(rendererName()) &&
  !location.hash.includes('detail=full')

function rendererName() {
  const told = context.getExtension('WEBGL_debug_renderer_info')
  return String(context.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : context.RENDERER))
}
