import { startProsody } from '../../tools/prosody.ts';
import { shareScenarios } from './share-scenarios.ts';

shareScenarios('Prosody', startProsody);
