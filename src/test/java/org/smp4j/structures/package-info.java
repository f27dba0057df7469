/** Data structures to check: right ones, and their twins with a fault. */
package org.smp4j.structures;
