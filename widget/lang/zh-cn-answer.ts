import type { AnswerWords } from './en-answer.ts';

export const zhCnAnswer: AnswerWords = {
  rate: '这个回答有帮助吗？',
  up: '有帮助',
  down: '没有帮助',
  thanks: '谢谢反馈',
};
