/** The names of the configuration, as `--help` lists them. */
interface Variable {
  readonly name: string;
  readonly fallback: string;
  readonly help: string;
}

/** Every variable, in the order of `--help`. */
export const variables: readonly Variable[] = [
  { name: 'HOST', fallback: '127.0.0.1', help: 'address to listen on' },
  { name: 'PORT', fallback: '8080', help: 'port to listen on; 0 takes a free one' },
  {
    name: 'PUBLIC_URL',
    fallback: 'http://HOST:PORT',
    help: 'address that visitors and notices use',
  },
  {
    name: 'DATA_DIR',
    fallback: './data',
    help: 'embedded database, served versions, secrets made at first start',
  },
  {
    name: 'DATABASE_URL',
    fallback: 'SQLite in DATA_DIR',
    help: 'postgres://… for several instances (not in this version)',
  },
  {
    name: 'REDIS_URL',
    fallback: 'none',
    help: 'live events between instances (not in this version)',
  },
  {
    name: 'POSTS',
    fallback: "the demo's posts",
    help: 'what is answered from: a folder of Markdown, or the address of a site, a sitemap or a feed',
  },
  {
    name: 'POSTS_URL',
    fallback: '/',
    help: 'base of the addresses cited for a folder, or for a site read at an inner address',
  },
  {
    name: 'DEMO',
    fallback: 'on, off when POSTS is set',
    help: 'the demo blog at /: on or off',
  },
  { name: 'ANSWERER', fallback: 'retrieval', help: 'who answers: retrieval, openai, http or off' },
  {
    name: 'OPENAI_BASE_URL',
    fallback: 'none',
    help: 'address of an OpenAI-compatible server, like https://api.openai.com/v1',
  },
  { name: 'OPENAI_API_KEY', fallback: 'none', help: 'its key, where it asks for one' },
  { name: 'OPENAI_MODEL', fallback: 'none', help: 'the model that writes answers' },
  {
    name: 'OPENAI_EMBEDDING_MODEL',
    fallback: 'none',
    help: 'the model that finds passages by meaning, beside the words',
  },
  {
    name: 'OPENAI_TOKENS_PER_DAY',
    fallback: '500000',
    help: 'tokens a day for answers and for questions embedded, from 1000 on, or none for no limit',
  },
  {
    name: 'OPENAI_TOKENS_PER_VISITOR',
    fallback: '30000',
    help: 'the same for one visitor',
  },
  {
    name: 'ANSWER_TIMEOUT',
    fallback: '45s for openai, 30s for http',
    help: 'how long an answer may take, from 5s to 5m',
  },
  {
    name: 'QA_URL',
    fallback: 'none',
    help: 'for http: where questions are posted to, {message, history, conversation_id}',
  },
  { name: 'QA_TOKEN', fallback: 'none', help: 'its bearer token' },
  { name: 'OWNER_NAME', fallback: 'Owner', help: 'display name of the owner' },
  {
    name: 'OWNER_TOKEN',
    fallback: 'made at first start, kept in DATA_DIR/owner-token',
    help: "the owner's secret for /api, at least 16 characters",
  },
  {
    name: 'ALLOWED_ORIGINS',
    fallback: 'own origin; on a loopback bind also loopback origins',
    help: 'exact origins, comma-separated, that a browser may open /contact from; * = any',
  },
  {
    name: 'NOTIFY',
    fallback: 'none',
    help: 'channels to the owner, comma-separated: smtp://, smtps://, webhook+https://, telegram://, ntfy://, slack+https://, discord+https://',
  },
  {
    name: 'TRUST_PROXY',
    fallback: 'loopback',
    help: 'addresses whose forwarding headers are believed: loopback, none, or IPs and CIDR ranges',
  },
  { name: 'TLS_CERT', fallback: 'none', help: 'certificate file (PEM): serve https and wss' },
  { name: 'TLS_KEY', fallback: 'none', help: 'key file (PEM) of TLS_CERT' },
  { name: 'IDENTITY_SECRET', fallback: 'none', help: "signs signed-in visitors' identities" },
  { name: 'METRICS_TOKEN', fallback: 'none', help: 'bearer token for /metrics' },
  {
    name: 'LOG_LEVEL',
    fallback: 'info',
    help: 'trace, debug, info, warn, error, fatal or silent',
  },
  { name: 'LOG_FORMAT', fallback: 'pretty on a terminal, else json', help: 'pretty or json' },
  {
    name: 'DEFAULT_LANG',
    fallback: 'zh-CN',
    help: 'language of server sentences where the client names none: zh-CN or en',
  },
  {
    name: 'RATE_LIMIT',
    fallback: '20/10s',
    help: 'stored messages of one conversation, N/T with T in ms, s, m or h; an address gets 10 ×',
  },
  { name: 'MAX_CONNECTIONS', fallback: 'none', help: 'most connections at a time' },
  {
    name: 'RETENTION_DAYS',
    fallback: 'none',
    help: 'conversations untouched for so many days are deleted',
  },
];
