/** How the sections of a report look, wherever they stand: what is around them says what the colours are. */
export const sectionStyle = `
section > p, .none { color: var(--quiet); }
.contents ol { columns: 2; padding-left: 1.25rem; margin: 1rem 0; }
.table { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--edge); text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 7.5rem; max-width: 18rem; }
.unbroken { white-space: nowrap; min-width: 0; } .long { min-width: 13rem; } thead th { min-width: 0; overflow-wrap: normal; }
th { font-weight: 600; } thead th { color: var(--quiet); }
svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: .5rem 0; }
svg text { font-size: 13px; fill: var(--ink); dominant-baseline: central; } svg .label { text-anchor: end; }
svg rect { fill: var(--bar); } svg .planned { fill: var(--planned); }
@media (max-width: 40rem) { .contents ol { columns: 1; } }
@media print { .contents { display: none; } .table { overflow: visible; } table { font-size: 8pt; print-color-adjust: exact; }
  svg { print-color-adjust: exact; } th, td, .unbroken, .long { white-space: normal; min-width: 0; padding-right: .4rem; }
  tr, svg { break-inside: avoid; } h2 { break-after: avoid; } }
`;
