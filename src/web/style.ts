import { createHash } from "node:crypto";
import { sectionStyle } from "../report/style.ts";

/** The one style sheet: the reader's own fonts and colour scheme, one column on a phone, the same on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --edge: #d0d7de; --paper: #ffffff; --tint: #f5f7f9;
  --link: #0a58ca; --bar: #0a5fb4; --planned: #b6d4f2; --go: #116329; --goes: #e6f6ea; --stop: #b3261e; --stops: #fdecea; --wait: #7a4f01; --waits: #fff4dd; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --quiet: #a3adb8; --edge: #3a424b; --paper: #0f1318;
  --tint: #181d24; --link: #7db3ff; --bar: #58a6ff; --planned: #274b74; --go: #6fdc8c; --goes: #12291a; --stop: #ff9a91; --stops: #34171a; --wait: #f2c063;
  --waits: #2f2410; } }
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
.wide { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
body > header { background: var(--tint); border-bottom: 1px solid var(--edge); }
body > header .wide { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; min-height: 3.25rem; }
body > header strong { font-size: 1.05rem; }
nav ul { display: flex; gap: 1rem; list-style: none; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .4rem 0; } nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none;
  border-bottom: 2px solid var(--link); }
.who { margin-left: auto; display: flex; gap: .75rem; align-items: center; color: var(--quiet); }
main.wide { padding-top: 1.5rem; padding-bottom: 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .6rem; } h3 { font-size: 1.05rem; line-height: 1.4; margin: 0; font-weight: 400;
  overflow-wrap: anywhere; }
p { margin: .35rem 0; } p + .card { margin-top: 1rem; } .quiet { color: var(--quiet); } .small { font-size: .9rem; }
.card { border: 1px solid var(--edge); border-radius: .6rem; padding: .85rem 1rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
.card.now { border-left: .35rem solid var(--go); } .card.soon { border-left: .35rem solid var(--wait); }
.card.bad { border-left: .35rem solid var(--stop); }
.top { display: flex; flex-wrap: wrap; gap: .35rem 1rem; align-items: baseline; justify-content: space-between; }
.top h3 { flex: 1 1 18rem; }
.pill { display: inline-block; white-space: nowrap; border-radius: 1rem; padding: .1rem .7rem; font-weight: 600; font-size: .95rem; }
.pill.go { color: var(--go); background: var(--goes); } .pill.wait { color: var(--wait); background: var(--waits); }
.pill.stop { color: var(--stop); background: var(--stops); } .pill.over { color: var(--quiet); background: var(--tint); }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .2rem .9rem; margin: .6rem 0 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
code { font: .92em/1.4 ui-monospace, monospace; background: var(--tint); border-radius: .25rem; padding: .05em .3em; }
a code { background: none; padding: 0; } code.id { color: var(--quiet); background: none; padding: 0; }
.empty { border: 1px dashed var(--edge); border-radius: .6rem; padding: .85rem 1rem; color: var(--quiet); }
ol.story { list-style: none; margin: 1rem 0; padding: 0; border-left: 2px solid var(--edge); }
ol.story > li { position: relative; padding: 0 0 1.2rem 1.25rem; }
ol.story > li::before { content: ""; position: absolute; left: -.45rem; top: .4rem; width: .8rem; height: .8rem; border-radius: 50%;
  background: var(--paper); border: 2px solid var(--quiet); }
ol.story > li.go::before { background: var(--go); border-color: var(--go); }
ol.story > li.stop::before { background: var(--stop); border-color: var(--stop); }
ol.story > li.ahead::before { border-style: dashed; }
ol.story > li > time { color: var(--quiet); font-size: .9rem; display: block; }
ul.log { list-style: none; margin: 0; padding: 0; } ul.log > li { border-top: 1px solid var(--edge); padding: .6rem 0;
  overflow-wrap: anywhere; } ul.log > li:first-child { border-top: 0; }
button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: .4rem; padding: .3rem .8rem;
  cursor: pointer; } form { margin: 0; }
footer { border-top: 1px solid var(--edge); padding: 1rem 0 2rem; color: var(--quiet); font-size: .9rem; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } h1 { font-size: 1.3rem; }
  .who { margin-left: 0; } }
@media print { body > header, .skip, footer { display: none; } .card { break-inside: avoid; } }
${sectionStyle}`;

/** What the style sheet is known by in a content security policy: no other style is applied. */
export const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`;
