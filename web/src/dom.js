// Elements of the page. Texts become text nodes, never HTML, so that no policy and no link can add an element.

/**
 * A text without characters that nobody sees, as imrpolicy/letter/text.py has it: with a mark that turns its
 * direction around, a text could show something else than it says.
 */
export const shown = (text) =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").replace(/(?![\u200c\u200d])\p{Cf}/gu, "");

/** An element with properties (`class`, `for`, listeners as `onclick`, other attributes) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  const kept = children.flat().filter((child) => child !== null && child !== undefined);
  element.append(...kept.map((child) => (typeof child === "string" ? shown(child) : child)));
  return element;
}

/** A text in which what stands between backticks is code. */
export const withCode = (text) =>
  text.split(/`([^`]+)`/).map((part, place) => (place % 2 ? h("code", {}, part) : part));

const TONES = { for: "imr-for", against: "imr-against", open: "imr-open", plain: "imr-plain" };

/** A word in a coloured pill; the word says it all, so that the colour is no more than a help. */
export const chip = (tone, word) => h("span", { class: `imr-chip ${TONES[tone]}` }, word);
