/* Compiled, never run: what the types of the client allow, and what they refuse. */
import { JunmaiClient } from '../../../sdk/clients/typescript/src/index.js';

const client = new JunmaiClient('http://localhost:5100');

client.onEvent('photo_imported', (event) => event.file_name.toUpperCase());
client.onEvent('job_progress', (event) => event.progress.toFixed(1));
// @ts-expect-error -- a member that the event has not
client.onEvent('photo_imported', (event) => event.nonsense);
// @ts-expect-error -- a text is no number
client.onEvent('photo_imported', (event) => event.file_name.toFixed(1));

// Of an event that nobody declares nothing is known.
client.onEvent('lunch', (event) => event.at);
// @ts-expect-error -- so it is no text either
client.onEvent('lunch', (event) => event.at.length);

interface Own {
  lunch: { type: 'lunch'; at: string };
}
new JunmaiClient<Own>('http://localhost:5100').onEvent('lunch', (event) => event.at.length);
