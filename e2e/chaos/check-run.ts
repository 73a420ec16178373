/**
 * Judges a run from outside: knows only what the clients did and saw, what the pages show, and
 * what the store holds in the end. An empty list of findings means that the delivery contract was
 * kept as far as anybody can tell from there.
 */
import { checkAnswers } from './check-answers.ts';
import { checkClient } from './check-client.ts';
import { gatherFacts, isPlain } from './check-facts.ts';
import { collectFindings, type Finding } from './check-findings.ts';
import { checkPage } from './check-page.ts';
import { checkPlainClient } from './check-plain-client.ts';
import { checkRows } from './check-rows.ts';
import type { Run } from './history.ts';

export interface CheckReport {
  readonly findings: readonly Finding[];
  /** Messages. Those of pages count too: as acknowledged where the page shows them as sent. */
  readonly counts: {
    readonly typed: number;
    readonly acknowledged: number;
    readonly lost: number;
    readonly doubled: number;
    readonly reordered: number;
    readonly unanswered: number;
  };
}

/**
 * Checks a whole run, in time proportional to its length.
 *
 * @returns what breaks a rule, in no particular order; never throws for what a run may hold
 */
export function check(run: Run): CheckReport {
  const findings = collectFindings();
  const facts = gatherFacts(run);
  const onPages = checkRows(run, facts, findings);
  for (const conversation of run.stored) checkAnswers(conversation, findings);
  for (const history of run.clients) {
    if (isPlain(history)) checkPlainClient(history, facts, findings);
    else checkClient(history, facts, findings);
  }
  for (const page of run.pages) checkPage(page, run, findings);
  return {
    findings: findings.list,
    counts: {
      typed: facts.typed.size + onPages.typed,
      acknowledged: facts.acknowledged.size + onPages.sent,
      lost: findings.count('lost'),
      doubled: findings.count('doubled'),
      reordered: findings.count('reordered'),
      unanswered: findings.count('unanswered'),
    },
  };
}
