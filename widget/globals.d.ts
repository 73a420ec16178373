/** Version of the package, put in by the build. */
declare const __VERSION__: string;

/** Address of the widget's chunk below the server's base: `v0.1.0/chat-HASH.js`. */
declare const __WIDGET_CHUNK__: string;
