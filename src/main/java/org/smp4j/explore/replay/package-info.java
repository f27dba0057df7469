/** Makes a run again: from a token, with fewer departures, or with small differences. */
package org.smp4j.explore.replay;
