import type { RareWords } from './en-rare.ts';

export const zhCnRare: RareWords = {
  contactTitle: '联系博主',
  contactLead: '博主会收到通知，并在这里回复；如果留下邮箱，也可能通过邮件回复。',
  contactMessage: '内容',
  contactName: '称呼',
  contactEmail: '邮箱',
  optional: '选填',
  contactSend: '发送给博主',
  back: '返回',
  messageMissing: '请填写内容。',
  emailWrong: '这不像是一个邮箱地址。',
  nameLong: '请不要超过 100 个字。',
  eraseAsk: '要删除这段对话在本机和服务器上的全部消息吗？删除后无法恢复。',
  eraseYes: '删除',
  eraseOffline: '需要先连上网络。',
  keep: '保留',
  tooLong: (count) => `超出 ${count} 字`,
};
