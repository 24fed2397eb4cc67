// Makes a style sheet of GOV.UK Frontend's light enough for a poor line, and plain enough for a
// browser of 2015. Reads {css, named} as JSON, writes CSS.
//
// 1. A rule whose classes no family page names goes. A name that ends in a hyphen stands for all
//    that begin so, since templates put some together ("govuk-input--width-" ~ width).
// 2. margin-inline-end and its kind become the plain side: rtlcss mirrors those, and browsers that
//    have no flex `gap` do not know the pairs (padding-block) either.
"use strict";
const postcss = require("postcss");
const {css, named} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const names = new Set(named);
const beginnings = named.filter((name) => name.endsWith("-"));

const isNamed = (name) => names.has(name) || beginnings.some((each) => name.startsWith(each));
const classesOf = (selector) =>
  [...selector.replace(/:not\([^)]*\)/g, "").matchAll(/\.((?:\\.|[\w-])+)/g)].map((found) =>
    found[1].replace(/\\/g, ""),
  );

const SIDES = {
  block: ["top", "bottom"],
  "block-start": ["top"],
  "block-end": ["bottom"],
  inline: ["left", "right"],
  "inline-start": ["left"],
  "inline-end": ["right"],
};

// Whether a declaration was replaced by those of plain sides.
function plain(declaration) {
  const found = /^(margin|padding|border)-(block|inline)(-start|-end)?(-width|-color|-style)?$/.exec(
    declaration.prop,
  );
  if (!found) return;
  const [, what, axis, side = "", part = ""] = found;
  const sides = SIDES[axis + side];
  const values = what === "border" ? [declaration.value] : postcss.list.space(declaration.value);
  sides.forEach((each, place) =>
    declaration.cloneBefore({
      prop: `${what}-${each}${part}`,
      value: values[Math.min(place, values.length - 1)],
    }),
  );
  declaration.remove();
}

const root = postcss.parse(css);
root.walkRules((rule) => {
  const kept = rule.selectors.filter((selector) => classesOf(selector).every(isNamed));
  if (kept.length) rule.selectors = kept;
  else rule.remove();
});
root.walkDecls(plain);
root.walkAtRules((rule) => {
  if (rule.nodes && !rule.nodes.length) rule.remove();
});
process.stdout.write(root.toString());
