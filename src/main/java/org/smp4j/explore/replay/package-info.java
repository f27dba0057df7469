/** Makes a run once more: from a token, with fewer departures, or nearly. */
package org.smp4j.explore.replay;
