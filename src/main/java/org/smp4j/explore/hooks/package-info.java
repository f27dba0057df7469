/** The methods that rewritten code calls. */
package org.smp4j.explore.hooks;
