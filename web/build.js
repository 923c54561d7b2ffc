// Makes the one file that the pages load, and the list of the licences of what is in it.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "../imrpolicy/site/assets");

const made = await build({
  entryPoints: [join(here, "src/main.js")],
  outfile: join(assets, "trial.js"),
  absWorkingDir: here,
  bundle: true,
  minify: true,
  // A classic script: pages that are opened from a disk may not load modules.
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
});

const packages = new Set();
for (const input of Object.keys(made.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) packages.add(found[1]);
}
const lines = ["trial.js holds these packages. Each is used as it was published.", ""];
for (const name of [...packages].sort()) {
  const { version, license, repository } = JSON.parse(
    await readFile(join(here, "node_modules", name, "package.json"), "utf8"),
  );
  lines.push(`${name} ${version}`, `  ${license}`, `  ${repository?.url ?? repository ?? ""}`, "");
}
await writeFile(join(assets, "trial-licences.txt"), lines.join("\n"));
