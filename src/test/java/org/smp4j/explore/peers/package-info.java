/** Explores programs of other projects, which lie in a folder beside this repository. */
package org.smp4j.explore.peers;
