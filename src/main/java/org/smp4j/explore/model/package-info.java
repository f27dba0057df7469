/** Values that every part of the explorer shares: sites, accesses, departures, failures. */
package org.smp4j.explore.model;
