/**
 * What several races share: pieces of old kernels, and of parts of today's kernel that smp4j does not have. Each is the
 * smallest that has the races.
 */
package org.smp4j.race.block;
