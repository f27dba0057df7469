/**
 * The explorer: runs a scenario one shared access at a time, under every interleaving that a strategy or an exhaustive search asks for; shrinks and replays
 * what fails. It knows nothing of the kernel that it explores, and is not loaded with it.
 */
package org.smp4j.explore;
