/** The one style sheet of the pages: system fonts, light and dark, narrow and wide. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #fff; --shade: #f6f8fa;
  --link: #0969da; --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; --merged: #8250df; --add: #dafbe1; --del: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --paper: #0d1117;
  --shade: #151b23; --link: #4493f8; --good: #3fb950; --bad: #f85149; --wait: #d29922; --merged: #ab7df8;
  --add: #12261e; --del: #301b1e; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
header.top { background: var(--shade); border-bottom: 1px solid var(--line); }
header.top > div { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; }
header.top > div, main { max-width: 62rem; margin: 0 auto; padding: .7rem 1rem; }
header.top .name { font-weight: 600; } header.top nav { display: flex; gap: 1rem; flex: 1; }
main { padding-top: 1.2rem; padding-bottom: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .6rem; } h3, h4, h5, h6 { font-size: 1rem; margin: .9rem 0 .3rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); }
.card { border: 1px solid var(--line); border-radius: 8px; margin: .8rem 0; overflow: hidden; }
.card > header { background: var(--shade); border-bottom: 1px solid var(--line); padding: .5rem .9rem; display: flex;
  flex-wrap: wrap; gap: .2rem .6rem; align-items: baseline; }
.card > .in { padding: .5rem .9rem; overflow-wrap: anywhere; }
.list { list-style: none; margin: 0; padding: 0; } .list > li { padding: .6rem .9rem; border-top: 1px solid var(--line); }
.list > li:first-child { border-top: 0; }
.pill { display: inline-block; border-radius: 1rem; padding: .05rem .65rem; font-size: .85rem; font-weight: 600;
  border: 1px solid currentColor; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); } .merged { color: var(--merged); }
pre, code { font: 13px/1.5 ui-monospace, monospace; } code { background: var(--shade); border-radius: 4px; padding: .1em .3em; }
pre { margin: .5rem 0; overflow-x: auto; padding: .6rem .9rem; background: var(--shade); border-radius: 6px; }
pre code { padding: 0; background: none; } .card > pre { margin: 0; border-radius: 0; }
.diff { padding: .4rem 0; } .diff span { display: block; padding: 0 .9rem; min-width: max-content; }
.diff .add { background: var(--add); } .diff .del { background: var(--del); } .diff .hunk { color: var(--soft); }
.note { border-left: 4px solid var(--bad); padding: .35rem .8rem; margin: .4rem 0; background: var(--shade); }
.note.warning { border-color: var(--wait); } .note.notice { border-color: var(--link); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; }
td, th { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
td:first-child, th { overflow-wrap: normal; }
blockquote { margin: .4rem 0; padding: 0 .9rem; border-left: 4px solid var(--line); color: var(--soft); }
form { margin: 0; } .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
label { display: block; margin: .7rem 0; font-weight: 600; }
input[type=text], textarea { width: 100%; font: inherit; font-weight: 400; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 6px; padding: .45rem .6rem; } textarea { min-height: 6rem; } textarea.code { min-height: 22rem; font: 13px/1.5 ui-monospace, monospace; }
button { font: inherit; font-weight: 600; padding: .35rem .9rem; border-radius: 6px; border: 1px solid var(--line); color: var(--ink);
  background: var(--shade); cursor: pointer; } button.go { background: #1f883d; border-color: #1f883d; color: #fff; }
button.stop { color: var(--bad); } button:hover { filter: brightness(.96); } :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
details.who { position: relative; } details.who > summary { cursor: pointer; list-style: none; font-weight: 600; }
details.who > div { position: absolute; right: 0; z-index: 1; min-width: 15rem; padding: .4rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 8px 24px #0003; }
details.who button { display: block; width: 100%; text-align: left; border: 0; background: none; font-weight: 400; }
details.who button:hover, details.who button[aria-current] { background: var(--shade); }
.alert { border: 1px solid var(--bad); border-radius: 8px; padding: .6rem .9rem; margin: 0 0 1rem; white-space: pre-line; }
footer { max-width: 62rem; margin: 0 auto; padding: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
@media (max-width: 40rem) { header.top nav { order: 3; flex-basis: 100%; } details.who { margin-left: auto; } }
`;
