import { startEjabberd } from '../../tools/ejabberd.ts';
import { shareScenarios } from './share-scenarios.ts';

shareScenarios('ejabberd', startEjabberd);
