import type { Answering, Page } from '../../shared/protocol.ts';

/**
 * What the core remembers of one connection: plain data, small enough to be kept as the
 * attachment of a hibernating socket.
 */
export type Session = PlainSession | HelloSession;

interface SessionFacts {
  /** Names the connection, nothing more. */
  readonly connectionId: string;
  readonly conversationId: string;
  /** BCP 47 tag of a language that the server speaks. */
  readonly lang: string;
  /** The visitor's address, behind trusted proxies too; only for limits. */
  readonly address: string;
  readonly userAgent: string;
  /** Highest `seq` this socket was sent, without gaps below it. */
  readonly cursor: number;
  /** Whether a message of this connection was stored: `hello` comes too late then. */
  readonly hasStored: boolean;
  /** Who answers, as this client was told; the store knows better. */
  readonly answering: Answering;
  /** Whether that was told anew since the last message went to the store. */
  readonly handlerHeard: boolean;
  /**
   * `live` = what happens is sent at once; `reading` = messages after `cursor` are being read
   * from the store, which will hold whatever happens meanwhile.
   */
  readonly phase: 'live' | 'reading';
  /** Highest `seq` heard of while reading; 0 for none. */
  readonly missedSeq: number;
  /** When this client last asked for the owner by the button; Unix milliseconds. */
  readonly wishedAtMs?: number;
  /** Whether the last message was the assistant's offer to pass a question to the owner. */
  readonly offered?: boolean;
  /** How much this socket was shown of an answer that is being written. */
  readonly shown?: Shown;
  /** An acknowledgement that has to wait until the messages before it are sent. */
  readonly heldAck?: Acknowledgement;
}

/** A client without handshake: it gets the guide's dialogue and nothing else. */
export interface PlainSession extends SessionFacts {
  readonly kind: 'plain';
}

/** A client that sent `hello`. */
export interface HelloSession extends SessionFacts {
  readonly kind: 'hello';
  readonly tab?: string;
  readonly page?: Page;
  /** `user` of a verified identity. */
  readonly user?: string;
  readonly name?: string;
  readonly email?: string;
}

/** Of an answer that is being written: which it is, and what comes next. */
export interface Shown {
  readonly id: string;
  readonly beginning: number;
  /** Of the next piece. */
  readonly index: number;
  /** UTF-16 units shown so far. */
  readonly chars: number;
}

/** What is to be acknowledged, and how. */
export interface Acknowledgement {
  readonly id: string;
  readonly seq: number;
  readonly atMs: number;
  readonly kind: 'chat_message' | 'contact_request';
}

/** The session of a connection that was just accepted. */
export function newSession(facts: {
  readonly connectionId: string;
  readonly conversationId: string;
  readonly lang: string;
  readonly address: string;
  readonly userAgent: string;
  readonly answering: Answering;
}): PlainSession {
  return {
    ...facts,
    kind: 'plain',
    cursor: 0,
    hasStored: false,
    handlerHeard: false,
    phase: 'live',
    missedSeq: 0,
  };
}
