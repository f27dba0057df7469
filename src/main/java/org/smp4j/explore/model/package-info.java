/** Values that all parts of the explorer share: sites, accesses, departures, failures. */
package org.smp4j.explore.model;
