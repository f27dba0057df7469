/** What threads of a program hand over to each other: that it arrives shows that the tower orders memory. */
package org.smp4j.fuzz.handover;
