/** [D6] Every question has one answer, in the order of the questions, and nothing else has one. */
import { answerIdOf } from '../../shared/ids.ts';
import type { Findings } from './check-findings.ts';
import type { StoredConversation, StoredEntry } from './history.ts';

const isQuestion = ({ sender, kind }: StoredEntry): boolean =>
  sender === 'visitor' && kind !== 'contact_request';

export function checkAnswers({ id, messages }: StoredConversation, findings: Findings): void {
  const byId = new Map(messages.map((entry) => [entry.id, entry]));
  const answered = new Map<string, number>();
  let newestQuestion = 0;
  for (const answer of messages) {
    if (answer.sender !== 'assistant') continue;
    const place = { conversation: id, id: answer.id, seq: answer.seq };
    const covered = answer.answers ?? (answer.inReplyTo === undefined ? [] : [answer.inReplyTo]);
    const last = covered.at(-1);
    if (last === undefined || answer.id !== answerIdOf(last)) {
      const to = last === undefined ? 'no question' : last;
      findings.report('D6', 'other', place, `is not named for what it answers: ${to}`);
    }
    for (const questionId of covered) {
      const question = byId.get(questionId);
      if (question === undefined || !isQuestion(question)) {
        const what = question === undefined ? 'is not here' : `is a ${question.kind ?? 'reply'}`;
        findings.report('D6', 'other', place, `answers ${questionId}, which ${what}`);
        continue;
      }
      const before = answered.get(questionId);
      answered.set(questionId, answer.seq);
      if (before !== undefined) {
        const what = `answers ${questionId}, which seq ${before} has answered already`;
        findings.report('D6', 'doubled', place, what);
      } else if (question.seq > answer.seq) {
        findings.report('D6', 'reordered', place, `stands before its question ${questionId}`);
      } else if (question.seq < newestQuestion) {
        const what = `answers ${questionId} (seq ${question.seq}) after a later question's answer`;
        findings.report('D6', 'reordered', place, what);
      }
      newestQuestion = Math.max(newestQuestion, question.seq);
    }
  }
  for (const question of messages) {
    if (!isQuestion(question) || answered.has(question.id)) continue;
    const place = { conversation: id, id: question.id, seq: question.seq };
    findings.report('D6', 'unanswered', place, 'has no answer');
  }
}
