// Measuring and breaking text that is drawn in SVG, which breaks no lines by itself.

let ruler = null;

/**
 * How wide `text` is at `size` in the type of the plan, which is bold but for ids.
 * @param {string} text
 * @param {number} size
 */
export function widthOf(text, size, weight = 700) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${weight} 100px ${getComputedStyle(document.body).fontFamily}`;
  return (ruler.measureText(text).width / 100) * size;
}

/**
 * `text`, cut to `width` with an ellipsis.
 * @param {string} text
 * @param {number} width
 * @param {number} size
 */
export function cut(text, width, size) {
  if (widthOf(text, size) <= width) return text;
  let kept = text;
  while (kept && widthOf(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}

const SYLLABLES = /^[\p{Script=Hangul}\p{Script=Han}\p{N}()·]+$/u; // which Korean may break anywhere

/**
 * The first part of `word` that fits, and the rest; null where the word must stay whole.
 * @param {string} word
 * @param {number} width
 * @param {number} size
 */
function broken(word, width, size) {
  if (!SYLLABLES.test(word)) return null;
  let fits = word.length - 2; // two syllables at least on each line
  while (fits >= 2 && widthOf(word.slice(0, fits), size) > width) fits -= 1;
  return fits < 2 ? null : [word.slice(0, fits), word.slice(fits)];
}

/**
 * `text` in at most `most` lines of `width`, or null when it does not fit. It breaks between words,
 * and within a Korean one only if that alone is too wide.
 * @param {string} text
 * @param {number} width
 * @param {number} size
 * @param {number} most
 */
export function wrapped(text, width, size, most) {
  const found = [];
  const words = text.split(/\s+/);
  let line = "";
  while (words.length && found.length < most) {
    const longer = line ? `${line} ${words[0]}` : words[0];
    if (widthOf(longer, size) <= width) {
      line = longer;
      words.shift();
    } else if (line) {
      found.push(line);
      line = "";
    } else {
      const parts = broken(words[0], width, size);
      if (!parts) return null;
      found.push(parts[0]);
      words[0] = parts[1];
    }
  }
  if (line) found.push(line);
  return words.length || found.length > most ? null : found;
}

/**
 * The first of `choices` that fits into `width`, or an empty text.
 * @param {string[]} choices
 * @param {number} width
 * @param {number} size
 */
export const fitting = (choices, width, size) => choices.find((text) => widthOf(text, size) <= width) ?? "";

const FORMS = /\(주\)|㈜|주식회사|\(유\)|(?:,\s*|\s+)(Co\.,? ?Ltd\.?|Inc\.?|Corp\.?|Ltd\.?|LLC)$/gi;

/**
 * A company's name without its legal form, which costs room and tells nothing.
 * @param {string} name
 */
export const shortName = (name) => name.replace(FORMS, "").replace(/\s+/g, " ").trim() || name;
