/** What a route knows of a request besides the request. */
export interface HttpEnv {
  readonly Bindings: {
    /** The visitor's address, behind trusted proxies too. */
    readonly address: string;
    /** Whether the request comes from this machine itself, through no proxy. */
    readonly peerIsLocal: boolean;
  };
}
