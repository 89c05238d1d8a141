// SPDX-License-Identifier: MIT
// sharp as a careful user has it: node downscale-sharp.js LIST OUT. Two pictures in flight, one thread each.
"use strict";
const fs = require("fs");
const path = require("path");
const sharp = require("sharp");

sharp.concurrency(1);
sharp.cache(false);
const [list, out] = process.argv.slice(2);
const pictures = fs.readFileSync(list, "utf8").split("\n").filter(Boolean);
const black = {r: 0, g: 0, b: 0};

async function work() {
  for (let picture = pictures.shift(); picture; picture = pictures.shift()) {
    const made = path.join(out, path.parse(picture).name + ".jpg");
    await sharp(picture)
        .rotate()
        .flatten({background: black})
        .resize(512, 512, {fit: "contain", background: black, withoutEnlargement: true})
        .jpeg({quality: 90, chromaSubsampling: "4:4:4", optimiseCoding: true, mozjpeg: false})
        .toFile(made)
        .catch((error) => console.error(`${picture}: ${error.message}`));
  }
}

Promise.all([work(), work()]);
