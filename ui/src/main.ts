import { mount } from 'svelte';
import App from './app/App.svelte';
import { applyLook } from './journeys/settings/look.svelte';
import './styles/tokens.css';
import './styles/base.css';

applyLook();
const target = document.getElementById('app');
if (target) mount(App, { target });
