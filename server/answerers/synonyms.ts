/**
 * Words that visitors and authors of technical blogs use for the same thing. Short on purpose:
 * each group is one that a reader would swap without thinking.
 */
import { hanziGroups } from './hanzi-synonyms.ts';
import { stem } from './stem.ts';

const groups = `
js javascript | ts typescript | py python | db database | repo repository | k8s kubernetes
postgres postgresql pg | mac macos osx | win windows | linux ubuntu debian | nodejs node.js node
docs documentation | config configuration settings | dir directory folder | env environment
auth authentication | login signin log-in | img image picture photo screenshot | pic image
jpg jpeg | yml yaml | md markdown | regex regexp | cli command-line terminal shell
app application | apps applications | arg argument parameter | func function | lib library package
delete remove erase | error exception traceback | faster speed performance | subtitle caption
host hosting deploy deployment | ci workflow actions pipeline | extension plugin addon
ui interface | async asynchronous | sync synchronize | info information | msg message
url link address | website site webpage | email mail | password credentials secret token
fetch download | picture image | movie video | sound audio recording | timezone zone
string text | json jsonl | csv comma | vm virtual | container docker | bucket s3
ai llm gpt | model llm | chatbot llm | distro distribution | manual documentation guide tutorial
recover restore undelete | crash panic abort | laptop computer pc mac | phone mobile | pr pull
chart graph plot diagram | spreadsheet excel csv | merge combine join concatenate | split separate
compress zip gzip minify | duplicate copy clone | resize scale shrink | convert transform export
schedule cron timer | background daemon | autocomplete completion | map geojson | undo revert rollback
limit restrict throttle | notify alert notification | popup modal dialog | terminal console
certificate ssl tls https | stub mock fake | slow speed performance | login oauth sso
`;

const zhGroups = `
部署 上线 发布 | 安装 装 | 配置 设置 | 报错 错误 异常 | 数据库 存储 | 接口 api | 前端 浏览器
搭建 构建 建立 架构 | 技术栈 技术 | 登录 登陆 | 图片 图像 | 视频 影片 | 评论 留言 | 备份 恢复
性能 优化 | 删除 移除 | 教程 指南 | 域名 网址 | 服务器 主机 | 缓存 cache | 容器 docker | 线程 进程
`;

function read(text: string): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const group of text.trim().split(/\s*\|\s*|\n/)) {
    const terms = group.trim().split(/\s+/).map(stem);
    for (const term of terms) {
      const others = terms.filter((other) => other !== term);
      found.set(term, [...new Set([...(found.get(term) ?? []), ...others])]);
    }
  }
  return found;
}

const synonyms: ReadonlyMap<string, readonly string[]> = new Map([
  ...read(groups),
  ...read(`${zhGroups}${hanziGroups}`.toLowerCase()),
]);

/** Whether it is a word that others may stand for. */
export const hasSynonyms = (term: string): boolean => synonyms.has(term);

/** Terms that may stand for this one. */
export const synonymsOf = (term: string): readonly string[] => synonyms.get(term) ?? [];
