// Figures as people of the page's language write them: 1.234,5 m².

const written = (value, language, digits, unit, signDisplay = 'auto') =>
  `${new Intl.NumberFormat(language, {minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay})
    .format(value)} ${unit}`

export const metres = (value, language, sign) => written(value, language, 1, 'm', sign)

export const length = (value, language) =>
  value < 1000 ? written(value, language, 1, 'm') : written(value / 1000, language, 2, 'km')

export function area(value, language) {
  if (value < 10000) return written(value, language, value < 1000 ? 1 : 0, 'm²')
  return value < 1e6 ? written(value / 1e4, language, 2, 'ha') : written(value / 1e6, language, 2, 'km²')
}
