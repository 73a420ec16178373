/** Version of the wire protocol that this tree speaks. */
export const protocolVersion = 1;

/** Longest text of a message, in Unicode code points. Longer: `message_too_long`. */
export const maxMessageChars = 4_000;

/** Largest text frame a server reads, in UTF-8 bytes. Larger: `frame_too_large`, close 1009. */
export const maxFrameBytes = 65_536;

/** Most messages in one `history` frame. */
export const maxHistoryLimit = 100;

/** Messages in a `history` frame where the client names no `limit`. */
export const defaultHistoryLimit = 50;

/** Most bytes in one `history` frame, except where a single message is larger. */
export const maxHistoryBytes = 256 * 1024;

/** Silence after which a client sends `ping`, in milliseconds. */
export const pingIntervalMs = 25_000;

/** Time within which a `pong` is due; after it the socket counts as half open, in milliseconds. */
export const pongTimeoutMs = 8_000;

/** Silence after which a server closes a socket with 4101, in milliseconds. */
export const idleTimeoutMs = 120_000;

/** Longest `name` of a visitor, in characters. */
export const maxNameChars = 100;

/** Longest e-mail address (RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets). */
export const maxEmailChars = 254;

/** Longest `userAgent` that is kept; the rest is cut off, never refused, in UTF-16 units. */
export const maxStoredUserAgentChars = 1_000;

/** Longest address or title of a page in a message, in characters. */
export const maxPageChars = 2_048;
