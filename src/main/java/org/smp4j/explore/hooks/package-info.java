/** What rewritten code calls. */
package org.smp4j.explore.hooks;
