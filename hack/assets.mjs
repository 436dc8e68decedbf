// Copies what the console's pages use out of node_modules, and draws one sprite of the icons listed in
// icons.txt. Called by assets.sh in the folder console.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const vendor = process.argv[2];

const files = {
  "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "echarts/dist/echarts.min.js": "echarts.min.js",
  "axe-core/axe.min.js": "../../testdata/axe.min.js",
};
for (const [from, to] of Object.entries(files)) copyFileSync(join("node_modules", from), join(vendor, to));

const licences = ["@tabler/core", "@tabler/icons", "echarts", "htmx.org"];
for (const name of licences) {
  const found = ["LICENSE", "LICENSE.md", "license.txt"].map((f) => join("node_modules", name, f)).find((f) => {
    try {
      return readFileSync(f);
    } catch {
      return false;
    }
  });
  if (found) copyFileSync(found, join(vendor, name.replace(/[@/]/g, "_") + ".LICENSE.txt"));
}

// A map would be asked for by browsers with their tools open, and is not there.
for (const name of ["tabler.min.css", "htmx.min.js"]) {
  const path = join(vendor, name);
  writeFileSync(path, readFileSync(path, "utf8").replace(/\n?\/[/*]# sourceMappingURL=[^\n]*$/m, ""));
}

const symbols = readFileSync("icons.txt", "utf8").split("\n").filter(Boolean).map((name) => {
  const svg = readFileSync(join("node_modules/@tabler/icons/icons/outline", name + ".svg"), "utf8");
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
});
writeFileSync(join(vendor, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
console.log(`console: ${Object.keys(files).length} files and ${symbols.length} icons`);
