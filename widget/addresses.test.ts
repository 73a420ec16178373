import { describe, expect, it } from 'vitest';
import { serverBase, socketAddress } from './addresses.ts';

describe('addresses', () => {
  it.each([
    ['https://chat.example.com', undefined, 'wss://chat.example.com/contact'],
    ['http://127.0.0.1:8080/', undefined, 'ws://127.0.0.1:8080/contact'],
    ['https://example.com/chat/', 'v1', 'wss://example.com/chat/contact?c=v1'],
    ['wss://example.com/websocket/contact', 'a&b', 'wss://example.com/websocket/contact?c=a%26b'],
  ])('finds the socket of %s', (server, conversation, expected) => {
    expect(socketAddress(server, conversation)).toBe(expected);
  });

  it.each([
    ['https://chat.example.com/contact-chat.js', 'https://chat.example.com'],
    ['https://chat.example.com/v0.1.0/contact-chat.js?x=1', 'https://chat.example.com'],
    ['https://v1.example.com/contact-chat.js', 'https://v1.example.com'],
    ['https://example.com/videos/contact-chat.js', 'https://example.com/videos'],
    ['http://localhost:8080/base/v1.2.3/contact-chat.js', 'http://localhost:8080/base'],
  ])('finds the server of %s', (script, expected) => {
    expect(serverBase(script)).toBe(expected);
  });
});
