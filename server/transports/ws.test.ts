import { describeTransport } from './transport.contract.ts';
import { wsTransport } from './ws.ts';

describeTransport('ws', async () => wsTransport);
