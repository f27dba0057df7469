/** Keeps what a torture run did, for pictures. */
package org.smp4j.torture.record;
