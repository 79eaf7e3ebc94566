/** Which figures of the report are evidence for a control. */
export interface Control {
  readonly framework: string;
  readonly control: string;
  /** What it asks for, in a few words of ours. */
  readonly asks: string;
  /** Ids of sections of the report. */
  readonly figures: readonly SectionId[];
}

/** The sections of the report, as they are named in every form of it. */
export const sections = {
  requests: "Requests by outcome",
  times: "Time to review and to activation",
  shares: "Who and what access was for",
  approvers: "Approvals by approver",
  stamps: "Approvals in under a minute on long requests",
  emergencies: "Emergencies and their reviews",
  ends: "Planned and actual end of each grant",
  outOfBand: "Changes past the process",
  rules: "Changes of the rules",
} as const;

export type SectionId = keyof typeof sections;

/** The control map. It says where evidence is, not that a control is met: that is the auditor's judgement. */
export const controls: readonly Control[] = [
  {
    framework: "SOC 2",
    control: "CC6.1",
    asks: "logical access is restricted",
    figures: ["requests", "shares", "outOfBand"],
  },
  {
    framework: "SOC 2",
    control: "CC6.2",
    asks: "access is authorised before it is given, and removed",
    figures: ["requests", "approvers", "ends"],
  },
  {
    framework: "SOC 2",
    control: "CC6.3",
    asks: "access follows roles, least privilege and separation of duties",
    figures: ["shares", "approvers", "stamps", "rules"],
  },
  {
    framework: "ISO 27001",
    control: "A.5.15",
    asks: "rules for access are set and kept",
    figures: ["requests", "rules", "outOfBand"],
  },
  {
    framework: "ISO 27001",
    control: "A.5.18",
    asks: "access rights are given, reviewed and removed",
    figures: ["requests", "ends", "emergencies"],
  },
  {
    framework: "ISO 27001",
    control: "A.8.2",
    asks: "privileged access is restricted and managed",
    figures: ["shares", "approvers", "ends"],
  },
  {
    framework: "PCI DSS",
    control: "7",
    asks: "access by business need to know",
    figures: ["requests", "shares", "approvers"],
  },
  {
    framework: "PCI DSS",
    control: "8.2.7",
    asks: "third-party remote access only while it is needed, and watched",
    figures: ["ends", "times", "outOfBand"],
  },
  {
    framework: "HIPAA",
    control: "164.308(a)(4)",
    asks: "access to health information is authorised",
    figures: ["requests", "shares", "approvers"],
  },
  {
    framework: "HIPAA",
    control: "164.312(a)(2)(ii)",
    asks: "a procedure for emergency access",
    figures: ["emergencies"],
  },
  {
    framework: "HIPAA",
    control: "164.312(b)",
    asks: "activity is recorded and can be examined",
    figures: ["outOfBand", "rules", "ends"],
  },
  {
    framework: "NIST 800-53",
    control: "AC-2",
    asks: "accounts and access are approved, timed and disabled",
    figures: ["requests", "ends"],
  },
  { framework: "NIST 800-53", control: "AC-6", asks: "least privilege", figures: ["shares", "times"] },
  {
    framework: "NIST 800-53",
    control: "AU-2, AU-6, AU-12",
    asks: "events are logged, reviewed and reported",
    figures: ["outOfBand", "stamps", "rules"],
  },
  {
    framework: "NIST 800-53",
    control: "MA-4",
    asks: "nonlocal maintenance is approved, watched and ended",
    figures: ["ends", "approvers", "emergencies"],
  },
];
