const connection =
  'attempt awaitsPong environment delayMs notBeforeMs nowMs onChange onNews openSocket phase reconnectAfterMs spokeMs tickMs wasLive';
const timeline =
  'acknowledged atMs failure beforeSeq deltas durable erasing inReplyTo keepDraft keepRead lastSeq loadOlder loadingOlder ownerName readByOwner readByVisitor sendContact setDraft synced';
const words =
  'alsoSee askAssistant assistantOwnerAway assistantOwnerOnline contactLabel contactReceived fromPosts greetingNoAssistant newMessages newTab notConnected notKept notSent openUnread ownerAway ownerOnline ownerReads talkToOwner titleNoAssistant toEveryone tryAgain welcomeNoAssistant writeOwner';
const lit =
  'addController createProperty createRenderRoot enableUpdating firstUpdated getPropertyDescriptor getPropertyOptions hasUpdated hostConnected hostDisconnected isUpdatePending performUpdate renderOptions renderRoot requestUpdate scheduleUpdate willUpdate';

/**
 * Names of properties that the build may shorten, since only this tree knows them: they are on no
 * wire, in no storage, attribute, style, template or event, and nobody looks them up by a string.
 * The build stops where one of them is left over somewhere.
 */
export const internalNames: readonly string[] = [connection, timeline, words, lit].flatMap((list) =>
  list.split(' '),
);

/** Custom properties that only the widget's own styles and code know; shortened in the same way. */
export const internalProperties: readonly string[] =
  'accent accent-in danger fill good ink ink-2 line on-fill owner owner-paper paper ring shadow sunken tint view-height view-top warn warn-paper'.split(
    ' ',
  );
