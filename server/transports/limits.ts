/**
 * Largest message that a transport reads at all, in bytes; it lies above every limit of the
 * protocol, so that the application answers where a message is only somewhat too large.
 */
export const maxPayloadBytes = 4 * 1024 * 1024;

/**
 * Bytes that may wait for one peer. Callers act on `bufferedBytes()` long before; a connection
 * that gets here is dropped, since leaving a frame out would be a gap that nobody sees.
 */
export const maxQueuedBytes = 64 * 1024 * 1024;
