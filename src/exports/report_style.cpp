// SPDX-License-Identifier: MIT
#include "report.hpp"

namespace dbr::exports {

// Fonts are the system's, those for Chinese, Japanese and Korean included.
const std::string_view k_report_style = R"(:root {
  --paper: #fcfcfa; --card: #ffffff; --ink: #1b2026; --soft: #5c6672; --line: #e2e4e3; --grid: #e8eae9;
  --c1: #1f6f8b; --c2: #5aa469; --c3: #d08c2c; --c4: #b8435a; --c5: #8a93a0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --card: #1b1f25; --ink: #e8eaec; --soft: #9aa4b0; --line: #2c323a; --grid: #2a3038;
    --c1: #55aecb; --c2: #7fc48c; --c3: #e0a850; --c4: #df7188; --c5: #78828f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1120px; padding: 40px 24px 64px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif;
  font-variant-numeric: tabular-nums;
}
header { padding-bottom: 20px; }
h1 { margin: 0; font-size: 44px; line-height: 1.1; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 0 0 4px; font-size: 26px; line-height: 1.2; letter-spacing: -0.01em; }
h3 { margin: 0 0 10px; font-size: 15px; line-height: 1.35; font-weight: 600; }
p { margin: 0 0 12px; max-width: 72ch; }
a { color: var(--c1); }
.tagline { margin: 8px 0 4px; font-size: 19px; color: var(--soft); }
.span, .lead { color: var(--soft); }
.span { margin: 0; }
.lead { margin-bottom: 18px; }
section { margin-top: 52px; padding-top: 22px; border-top: 2px solid var(--ink); }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; margin: 8px 0 0; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tile { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 18px 20px; background: var(--card); }
.tile dt { color: var(--soft); font-size: 15px; }
.tile dd { display: contents; }
.tile b { order: 3; font-size: 32px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; overflow-wrap: anywhere; }
.tile dt { order: 2; }
.tile small { order: 1; font-size: 13.5px; color: var(--soft); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 28px 48px; }
.grid.three { grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 28px 40px; }
.chart { min-width: 0; margin-bottom: 26px; break-inside: avoid; }
.grid .chart { margin-bottom: 0; }
.none { color: var(--soft); }
.c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); }
svg { display: block; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { font-weight: 400; text-align: left; }
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.n, .m { text-align: right; white-space: nowrap; }
.m { width: 1%; padding-left: 10px; color: var(--soft); font-size: 12.5px; }
small { color: var(--soft); font-size: 12.5px; }
.bars { table-layout: auto; }
.bars th { width: 34%; max-width: 0; padding: 2px 10px 2px 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.three .bars th, .names .bars th { width: 46%; }
.bars .bar { padding: 2px 0; }
.bars .n { width: 1%; padding: 2px 0 2px 10px; }
.bars .m { padding: 2px 0 2px 10px; }
.columns { display: flex; align-items: flex-start; }
.columns .axis { flex: none; }
.columns .plot { flex: 1; min-width: 0; overflow: visible; }
.columns text { font-size: 11.5px; fill: var(--soft); }
.columns .x, .columns .v { text-anchor: middle; }
.columns .v { font-size: 11px; }
line.grid { stroke: var(--grid); }
line.base { stroke: var(--soft); }
.stack { border-radius: 4px; overflow: hidden; margin-bottom: 8px; }
.stack rect { stroke: var(--paper); stroke-width: 1.5; }
.legend th, .legend td { padding: 3px 0; border-bottom: 1px solid var(--line); }
.legend { max-width: 620px; }
.legend .m { padding-left: 14px; }
.legend th svg { display: inline-block; margin-right: 6px; vertical-align: -1px; }
.legend tr:last-child > * { border-bottom: 0; }
.plain thead { position: static; width: auto; height: auto; clip-path: none; }
.plain th, .plain td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); text-align: right; }
.plain th[scope="row"], .plain thead > tr > :first-child { text-align: left; }
.plain thead th { color: var(--soft); }
.scroll { overflow-x: auto; }
details { margin: 2px 0 0 48px; font-size: 13.5px; color: var(--soft); }
summary { cursor: pointer; }
details table { width: auto; margin-top: 6px; color: var(--ink); }
pre { padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; font-size: 13px; line-height: 1.45; overflow-x: auto; }
@media (max-width: 700px) {
  body { padding: 24px 16px 48px; font-size: 15px; }
  h1 { font-size: 34px; }
  h2 { font-size: 22px; }
  .tagline { font-size: 17px; }
  section { margin-top: 40px; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .tile { padding: 12px 14px; }
  .tile b { font-size: 22px; }
  .w { display: none; }
  .bars th { width: 40%; }
  .three .bars th, .names .bars th { width: 50%; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #cccccc; --grid: #dddddd; --c1: #1f6f8b; --c2: #5aa469; --c3: #d08c2c; --c4: #b8435a; --c5: #8a93a0; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  h1 { font-size: 26pt; }
  h2 { font-size: 15pt; }
  h3 { font-size: 9.5pt; margin-bottom: 6px; }
  h2, h3, .lead { break-after: avoid; }
  p { max-width: none; break-inside: avoid; }
  #growth, #comparison, #left-out, #about { break-inside: avoid; }
  .scroll { overflow: visible; }
  .tagline { font-size: 12pt; }
  .tile { padding: 10px 14px; }
  .tile b { font-size: 16pt; }
  .tile dt, .tile small { font-size: 8.5pt; }
  section { margin-top: 22px; padding-top: 12px; border-top-width: 1px; }
  .chart { margin-bottom: 16px; }
  .grid { grid-template-columns: 1fr 1fr; gap: 16px 28px; }
  .grid.three { grid-template-columns: 1fr 1fr 1fr; gap: 16px 22px; }
  table, .plain td, .plain th { font-size: 7.5pt; }
  .plain td, .plain th { padding-right: 6px; }
  small, .m { font-size: 7pt; }
  .bars th, .bars .bar, .bars .n, .bars .m { padding-top: 0; padding-bottom: 0; }
  .legend th, .legend td { padding: 1px 0; }
  .columns text, .columns .v { font-size: 6.5pt; }
  details { display: none; }
  pre { white-space: pre-wrap; font-size: 8pt; break-inside: avoid; }
}
)";

}  // namespace dbr::exports
