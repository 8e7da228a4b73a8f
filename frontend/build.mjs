// Bundle the styles and scripts into dist/ under names that change with their content, and write
// manifest.json, which says which name stands for which source ("main.css" -> "main-AB12CD34.css").
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const sources = ["main.css", "main.js", "console.css", "console.js", "editor.css", "editor.js", "map.css", "map.js", "icon.svg"];

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: sources.map((name) => `static/src/${name}`),
  outdir: "dist",
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  // Browsers still found on phones in the countryside (2020 and later).
  target: ["chrome80", "firefox78", "safari14.1"],
  loader: { ".svg": "copy", ".png": "empty" },
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [output, { entryPoint, inputs }] of Object.entries(result.metafile.outputs)) {
  const source = entryPoint ?? Object.keys(inputs)[0];
  manifest[basename(source)] = basename(output);
}
const missing = sources.filter((name) => !(name in manifest));
if (missing.length > 0) throw new Error(`not in the bundle: ${missing.join(", ")}`);

// Beside each file its compressed form, which the server sends to browsers that take it.
for (const name of Object.values(manifest).filter((one) => /\.(css|js)$/.test(one))) {
  await writeFile(join(dist, `${name}.gz`), gzipSync(await readFile(join(dist, name)), { level: 9 }));
}

const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
