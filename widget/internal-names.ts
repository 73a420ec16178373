const connection =
  'awaitsPong beforeSending delayMs hasPending notBeforeMs nowMs onChange onNews openSocket reconnectAfterMs spokeMs wasLive';
const timeline =
  'acknowledged beforeSeq deltas durable erasing inReplyTo keepDraft keepRead keepSession lastSeq loadOlder loadingOlder ownerName readByOwner readByVisitor sendContact setDraft synced';
const words =
  'askAssistant assistantOwnerAway assistantOwnerOnline contactLabel contactReceived fromPosts greetingNoAssistant newMessages newTab notConnected notKept notSent openUnread ownerAway ownerOnline ownerReads talkToOwner titleNoAssistant toEveryone tryAgain welcomeNoAssistant writeOwner';

/**
 * Names of properties that the build may shorten, since only this tree knows them: they are on no
 * wire, in no storage, attribute, style, template or event, and nobody looks them up by a string.
 * The build stops where one of them is left over somewhere.
 */
export const internalNames: readonly string[] = [connection, timeline, words].flatMap((list) =>
  list.split(' '),
);
