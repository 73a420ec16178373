/** A dictionary of a few made-up entries, for tests. */
import { createDictionaryBuilder, type Dictionary } from './cross-dictionary.ts';

const lines = `
備份|备份|bei4 fen4|to make a backup; backup
數據庫|数据库|shu4 ju4 ku4|database
數據|数据|shu4 ju4|data
狀態|状态|zhuang4 tai4|state; status
狀|状|zhuang4|form; shape
態|态|tai4|attitude
太|太|tai4|too (much)
虛擬機|虚拟机|xu1 ni3 ji1|virtual machine
服務器|服务器|fu2 wu4 qi4|server (computing)
服務|服务|fu2 wu4|service|to serve|CL:項[xiang4]
重啟|重启|chong2 qi3|to restart
字體|字体|zi4 ti3|typeface; font
行|行|hang2|row|line
行|行|xing2|to walk
甚麼|什么|shen2 me5|what?
幺|幺|yao1|youngest
么|么|me5|suffix
印表機|印表机|yin4 biao3 ji1|printer (Tw)
打印機|打印机|da3 yin4 ji1|printer
北京|北京|Bei3 jing1|Beijing, capital of China
`;

export function smallDictionary(): Dictionary {
  const builder = createDictionaryBuilder();
  for (const line of lines.trim().split('\n')) {
    const [traditional = '', simplified = '', pinyin = '', ...english] = line.split('|');
    builder.add({ traditional, simplified, pinyin, english });
  }
  return builder.finish();
}
