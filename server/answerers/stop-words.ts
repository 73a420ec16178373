/**
 * Words that say nothing of what a question is about. Stop words are not indexed at all; weak
 * words are indexed, but whether a post has them says little about whether it is the answer.
 */
const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const stopWords = list(`
a about above after again against all also am an and any anybody anyone are aren arent around as at
be because been before being below between both but by
can cannot cant could couldnt did didnt do does doesnt doing dont done
each either else etc ever every few for from further get gets getting got
had has hasnt have havent having he hello help her here hers hey hi him his how however hows
i id if ill im in into is isnt it its itself ive just
let lets like ll lot many may maybe me might mine more most much must my myself
neither no nor not now of off oh ok okay on one only onto or other our ours out over own
per please quite re really s same shall she should shouldnt since so some somebody someone
still such sure t than thank thanks that thats the their theirs them then there theres these they
theyre thing things this those though through to too under until up upon us ve very
want wanted wants was wasnt way ways we well were werent what whats when where wheres whether which
while who whom whose why will with within without wont would wouldnt yes yet you your youre yours
`);

export const weakWords = list(`
able actual actually add allow already always another anything article ask available away back bad
basic best better big bit blog blogs bring call came care case certain change check choose clear
come complain correct cover currently day deal different difficult directly discuss
easy easily end enough entry especially exact exactly example existing expect explain
fail fails far fast find fine first fix follow found full
general give given go goes going good great guess hand happen happening happens hard
head hit hold huge idea inside instead issue issues keep kind know known
large last late later learn least leave left less line little long look looking lots
make makes making manage matter mean means mention method modern need needs never new next nice
note notes nothing number old order otherwise part particular people perhaps person place
point possible post posts practice pretty probably problem problems proper properly
provide purpose put question quick quickly quite rather read real reason recommend related right
run running say says see seem seems set setting several short should show shows simple simply
small solution solve somehow something sometimes soon sort start started step steps stop
stuff suggest suggestion support suppose take talk tell term think tip tips today together told
tried trick trouble true try trying turn two understand use used useful user uses using usual
usually various version want whole wish wonder word work workaround working works worth
write writes writing written wrong wrote
`);

/** As `Intl.Segmenter` cuts them. */
export const stopWordsZh = list(`
的 了 是 在 和 与 及 或 也 都 就 还 又 再 很 更 最 吗 呢 吧 啊 呀 哦 嘛 么 把 被 从 到 以 为 于 而 但 但是
我 你 您 他 她 它 我们 你们 他们 它们 大家 自己 这 那 这个 那个 这些 那些 这里 那里 这样 那样 哪 哪个 哪些 哪里 哪儿
什么 怎么 怎样 怎么样 怎么办 如何 为什么 为何 多少 谁 啥 咋 何时 是否 是不是 有没有 能不能 可不可以 会不会 要不要
 请问 请教 想要 能 能否 能够 可以 可 应该 需要 没有 不 不是 不能 不会 个 一个 一些 一下 一
所 其 之 则 若 如果 因为 所以 然后 并 并且 而且 以及 关于 时候 里面 
你好 您好 谢谢 帮 帮忙 帮我 告诉 知道 介绍 了解 说说 讲讲 聊聊 看看 一点 呗 嗯 话 的话 东西 事情 问题 情况
これ それ あれ この その あの ここ そこ です ます でした ました する した して いる ある は が を に で と も の へ から まで か ね よ な や だ
どう どの どこ いつ なに 何 なぜ ください
`);

export const weakWordsZh = list(`
文章 博客 博文 帖子 博主 作者 内容 方法 办法 方式 使用 进行 实现 支持 提供 具体 详细 简单 主要 比较 一般 通常 可能 目前
现在 最近 今天 相关 推荐 建议 提到 写过 写 看 找 觉得 认为 区别 意思 原因 好 大 小 多 少 新 旧 哪种 一种 这种 那种 各种
`);

/** Characters that say nothing alone but are parts of words that do: 上线, 中文, 用户. */
export const looseZh = list(`
上 下 中 后 前 来 去 里 时 说 讲 做 弄 搞 用 会 要 得 过 地 几 请 想 让 使 有 没 对 给 向 无 点 着
`);
