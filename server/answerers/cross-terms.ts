/**
 * What people who work with computers say in Chinese and in English: words that a general
 * dictionary lacks, or knows in another sense. A line has Chinese words, then English ones.
 */
import { meaningTerms } from './cross-meanings.ts';

const terms = `
缓存 快取: cache caching | 部署 上线 发布: deploy deployment release | 报错 出错: error exception
回滚: rollback revert roll-back | 分支: branch | 合并: merge combine | 依赖 依赖项: dependency
爬虫 抓取: scraper crawler scrape scraping | 断点续传: resume | 断点: breakpoint | 限流: rate-limit
频率 速率: rate frequency | 命令行 终端 控制台: command-line cli terminal shell console | 命令: command
脚本: script | 仓库 代码库: repository repo | 提交: commit submit | 推送: push | 拉取: pull fetch
克隆: clone | 标签: tag label tab | 版本: version release | 补丁: patch | 冲突: conflict | 变基: rebase
容器: container docker | 镜像: image mirror | 集群: cluster | 节点: node | 服务器 主机: server host
数据库: database db | 表: table | 字段: field column | 索引: index | 主键: primary-key | 外键: foreign-key
查询: query | 事务: transaction | 迁移: migration migrate | 备份: backup back | 恢复 还原: restore recover
锁: lock | 死锁: deadlock | 连接池: connection-pool pool | 连接: connection connect | 超时: timeout time-out
重试: retry | 并发: concurrency concurrent | 并行: parallel | 线程: thread | 进程: process
协程: coroutine | 异步: async asynchronous | 同步: sync synchronous | 回调: callback | 队列: queue
消息队列: message-queue | 内存: memory ram | 内存泄漏: memory-leak | 硬盘 磁盘: disk drive | 分区: partition
挂载: mount | 网卡: network-card interface | 端口: port | 防火墙: firewall | 代理: proxy
反向代理: reverse-proxy | 负载均衡: load-balancing load-balancer | 域名: domain | 证书: certificate
加密: encrypt encryption | 解密: decrypt | 密码 口令: password passphrase | 密钥: key secret
令牌: token | 认证 鉴权: authentication auth | 授权: authorization license | 权限: permission
登录 登陆: login sign-in log-in | 注册: register sign-up | 注销 登出: logout log-out
用户: user | 账号 账户 帐号: account | 会话: session | 请求: request | 响应: response responsive
接口: api interface endpoint | 前端: frontend front-end | 后端: backend back-end | 全栈: full-stack
框架: framework | 组件: component | 插件: plugin extension addon | 模块: module | 包: package
库: library | 函数: function | 方法: method | 参数: argument parameter option | 返回值: return-value
变量: variable | 常量: constant | 类型: type | 字符串: string | 数组: array | 列表: list
字典: dictionary dict | 对象: object | 集合: set collection | 指针: pointer | 循环: loop | 递归: recursion recursive
正则 正则表达式: regex regexp regular-expression | 编码: encoding utf-8 | 乱码: mojibake garbled encoding
解析: parse parser parsing | 序列化: serialize serialization | 格式化: format formatting | 校验 验证: validate validation verify
断言: assert assertion | 单元测试: unit-test | 测试: test testing | 调试: debug debugging | 日志: log logging
监控: monitoring monitor | 性能: performance | 优化: optimize optimization speed | 压缩: compress compression gzip
解压: decompress extract unzip | 下载: download | 上传: upload | 导出: export dump | 导入: import load
安装: install installation | 卸载: uninstall remove | 升级: upgrade | 更新: update | 配置: config configuration configure settings
设置: set setting settings preferences | 环境变量: environment-variable env | 环境: environment | 路径: path
目录 文件夹: directory folder | 文件: file | 软链接 符号链接: symlink symbolic-link | 通配符: wildcard glob
快捷键: shortcut hotkey keyboard-shortcut | 剪贴板: clipboard | 截图 截屏: screenshot | 录屏: screen-recording screencast
图片 图像: image picture | 图标: icon favicon | 字体: font | 字幕: subtitle caption | 视频: video | 音频: audio
转码: transcode convert ffmpeg | 缩略图: thumbnail | 网页 页面: page webpage web | 网站: website site
浏览器: browser | 链接: link url | 跳转 重定向: redirect | 表单: form | 按钮: button | 弹窗: popup modal dialog
下拉: dropdown | 布局: layout | 样式: style css stylesheet | 动画: animation | 响应式: responsive
跨域: cors cross-origin | 静态网站: static-site | 博客: blog | 评论: comment | 订阅: subscribe rss feed
搜索: search | 全文搜索 全文检索: full-text-search fts | 排序: sort order | 分页: pagination paginate
过滤 筛选: filter | 去重: deduplicate dedupe unique distinct | 统计: count statistics | 聚合: aggregate
模型: model | 大模型: llm language-model | 机器学习: machine-learning | 人工智能: ai artificial-intelligence
提示词: prompt | 训练: train training | 微调: fine-tune fine-tuning | 推理: inference | 向量: vector embedding
显卡: gpu graphics-card | 驱动: driver | 内核: kernel | 虚拟机: vm virtual-machine | 操作系统: operating-system os
云: cloud | 云函数 无服务器: serverless lambda | 对象存储: s3 object-storage bucket | 存储: storage store
定时任务: cron scheduled schedule | 守护进程: daemon | 开机启动 自启动: startup autostart boot | 重启: restart reboot
崩溃 宕机 挂掉: crash down | 卡死 死机: hang freeze | 卡顿: lag slow | 漏洞: vulnerability | 注入: injection
钩子: hook | 工作流: workflow | 流水线: pipeline | 持续集成: ci continuous-integration | 自动化: automation automate
编译: compile build | 编译器: compiler | 构建: build | 打包: package bundle | 编辑器: editor | 主题: theme
源码 源代码: source source-code | 开源: open-source | 许可证 协议: license protocol | 文档: documentation docs document
教程: tutorial guide | 示例 例子: example | 模板: template | 占位符: placeholder | 注释: comment
时区: timezone time-zone | 时间戳: timestamp | 日期: date | 时间: time | 随机: random | 哈希: hash
二维码: qr-code | 邮件: email mail | 邮箱: email mailbox | 通知: notification | 短信: sms
手机: phone mobile | 安卓: android | 苹果: apple iphone | 电脑: computer laptop pc mac | 笔记本: laptop notebook
键盘: keyboard | 鼠标: mouse | 屏幕 显示器: screen monitor display | 打印机: printer | 打印: print printing
U盘 优盘 闪存: usb flash-drive | 蓝牙: bluetooth | 无线: wireless wifi | 局域网: lan local-network | 网络: network
电池: battery | 充电: charge charging | 表格: table spreadsheet | 电子表格: spreadsheet excel | 单元格: cell
幻灯片 演示文稿: slide slides presentation | 行: row line | 列: column | 子集 部分: subset part | 批量: batch bulk
压测 基准测试: benchmark | 命名: name naming named | 分组: group | 捕获组: capture-group | 嵌套: nested nesting
换行: newline line-break | 缩进: indent indentation | 空格: space whitespace | 大小写: case | 转义: escape
引用: reference quote | 拷贝 复制: copy | 粘贴: paste | 删除: delete remove | 重命名: rename | 替换: replace substitution
对比 比较: compare comparison diff | 差异: diff difference | 历史: history | 撤销: undo revert | 忽略: ignore
限制: limit restrict restriction | 访问: access visit | 远程: remote | 本地: local | 镜像源: mirror
公钥: public-key | 私钥: private-key | 签名: signature sign | 密钥环: keyring | 快照: snapshot | 归档: archive
切换: switch toggle | 禁用: disable | 启用: enable | 默认: default | 全局: global | 选项: option | 指定: specify
输出: output print | 输入: input | 读取: read | 写入: write | 监听: listen watch | 触发: trigger
触发器: trigger | 视图: view | 存储过程: stored-procedure | 协议版本: protocol-version | 网关: gateway
色彩空间 颜色空间: color-space colour-space | 色彩 颜色: color colour | 分辨率: resolution | 像素: pixel
菜谱 食谱 做法: recipe | 厨房: kitchen | 小说: novel fiction | 大纲: outline | 主角: protagonist
`;

export interface OwnTerms {
  readonly toEnglish: ReadonlyMap<string, readonly string[]>;
  /** By terms with a blank between them. */
  readonly toChinese: ReadonlyMap<string, readonly string[]>;
}

let read: OwnTerms | undefined;

/** The list both ways, read when first asked for. */
export function ownTerms(): OwnTerms {
  if (read) return read;
  const toEnglish = new Map<string, string[]>();
  const toChinese = new Map<string, string[]>();
  for (const line of terms.trim().split(/\s*\|\s*|\n/)) {
    const [left = '', right = ''] = line.split(':');
    const chinese = left.trim().split(/\s+/);
    const english = right
      .trim()
      .split(/\s+/)
      .flatMap((word) => meaningTerms(word.replaceAll('-', ' ')));
    for (const word of chinese) {
      toEnglish.set(word, [...(toEnglish.get(word) ?? []), ...english]);
    }
    for (const meaning of english) {
      toChinese.set(meaning, [...(toChinese.get(meaning) ?? []), ...chinese]);
    }
  }
  read = { toEnglish, toChinese };
  return read;
}
