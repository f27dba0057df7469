/** Finds out which ordering is missing in code that fails because a read returns an older value. */
package org.smp4j.explore.repair;
